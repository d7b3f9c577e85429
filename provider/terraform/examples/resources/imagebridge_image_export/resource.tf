variable "image_id" {
  type = string
}

# Into the object store of the image's own cloud, which writes it by itself.
resource "imagebridge_image_export" "archive" {
  image_id    = var.image_id
  disk_format = "qcow2"

  object = {
    bucket = "image-archive"
    key    = "debian-12/base.qcow2"
  }
}

# Into any S3-compatible store, by way of this machine. Its keys come from the environment.
resource "imagebridge_image_export" "elsewhere" {
  image_id   = var.image_id
  on_destroy = "retain"

  s3 = {
    endpoint = "https://s3.example.com"
    bucket   = "image-archive"
    key      = "debian-12/base.img"
  }
}
