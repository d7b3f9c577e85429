terraform import imagebridge_image_share_acceptance.base partner/local-1/33ad552d-1149-471c-8190-ff6776174a00
