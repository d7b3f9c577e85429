# From a file. Its content counts: a changed file at the same path plans a new image.
resource "imagebridge_image" "base" {
  name        = "debian-12-base"
  description = "The image that all servers start from"
  source      = { file = "debian-12.qcow2" }
  tags        = { team = "platform" }
}

# A name that holds a part of the hash lets the new image be there before the old one goes.
resource "imagebridge_image" "rolling" {
  name   = "debian-12-${substr(provider::imagebridge::file_sha256("debian-12.qcow2"), 0, 8)}"
  source = { file = "debian-12.qcow2" }

  lifecycle {
    create_before_destroy = true
  }
}

# From a server, which the cloud makes an image of by itself.
variable "server_id" {
  type = string
}

resource "imagebridge_image" "golden" {
  name       = "web-golden"
  source     = { server_id = var.server_id }
  on_destroy = "retain"

  timeouts = {
    create = "90m"
  }
}
