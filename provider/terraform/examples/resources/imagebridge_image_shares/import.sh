terraform import imagebridge_image_shares.all 33ad552d-1149-471c-8190-ff6776174a00
terraform import imagebridge_image_shares.all local/local-1/33ad552d-1149-471c-8190-ff6776174a00
