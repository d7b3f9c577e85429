variable "image_id" {
  type = string
}

# Another image_id promotes that image; the one before stays known, to roll back to.
resource "imagebridge_channel" "stable" {
  name     = "debian-12-stable"
  image_id = var.image_id
}

# What others read.
data "imagebridge_image" "stable" {
  channel    = imagebridge_channel.stable.name
  depends_on = [imagebridge_channel.stable]
}

output "image_id" {
  value = data.imagebridge_image.stable.id
}
