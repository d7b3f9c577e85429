# The id of the copy; with CLOUD/REGION of the source where that is not the default, and the region or the cloud of the copy.
terraform import imagebridge_image_copy.here 33ad552d-1149-471c-8190-ff6776174a00
terraform import imagebridge_image_copy.far local/local-1/local-2/33ad552d-1149-471c-8190-ff6776174a00
