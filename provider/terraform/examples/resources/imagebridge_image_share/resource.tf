variable "image_id" {
  type = string
}

variable "partner_project_id" {
  type = string
}

resource "imagebridge_image_share" "partner" {
  image_id   = var.image_id
  project_id = var.partner_project_id
}

# The receiver's side, where the same configuration may act for the receiver too.
resource "imagebridge_image_share_acceptance" "partner" {
  cloud    = "partner"
  image_id = imagebridge_image_share.partner.image_id
}
