variable "image_id" {
  type = string
}

# In the same region.
resource "imagebridge_image_copy" "here" {
  source_image_id = var.image_id
  name            = "debian-12-copy"
}

# In another region of the same cloud.
resource "imagebridge_image_copy" "far" {
  source_image_id = var.image_id
  name            = "debian-12-far"
  target_region   = "local-2"
  agency_name     = "image-copies"
}

# In other clouds: it fetches the image by itself where it can, else the bytes go through this machine.
resource "imagebridge_image_copy" "other_clouds" {
  for_each = toset(["local-openstack"])

  source_image_id = var.image_id
  name            = "debian-12"
  target_cloud    = each.key
}
