# The image and its object, or its file.
terraform import imagebridge_image_export.archive 33ad552d-1149-471c-8190-ff6776174a00:image-archive/debian-12/base.qcow2
terraform import imagebridge_image_export.local local/local-1/33ad552d-1149-471c-8190-ff6776174a00:file:base.qcow2
