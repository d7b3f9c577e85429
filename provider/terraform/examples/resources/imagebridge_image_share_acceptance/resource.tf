variable "shared_image_id" {
  description = "The image that another project has shared with this one"
  type        = string
}

resource "imagebridge_image_share_acceptance" "base" {
  cloud    = "partner"
  image_id = var.shared_image_id
}
