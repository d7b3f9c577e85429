# In the default cloud, or in a cloud and region of the provider.
terraform import imagebridge_image.base 33ad552d-1149-471c-8190-ff6776174a00
terraform import imagebridge_image.base local/local-1/33ad552d-1149-471c-8190-ff6776174a00
