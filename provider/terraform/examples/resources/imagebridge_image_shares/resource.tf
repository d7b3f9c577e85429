variable "image_id" {
  type = string
}

variable "partner_project_id" {
  type = string
}

# These projects and no others: a share that somebody else makes is ended by the next apply.
resource "imagebridge_image_shares" "all" {
  image_id    = var.image_id
  project_ids = [var.partner_project_id]
}
