# Makes an image from the file disk.raw in this folder, in the default cloud of your profiles.
#
#   npx imagebridge local-cloud        # in another terminal: a cloud to try it with; export what it prints
#   terraform init && terraform apply

terraform {
  required_providers {
    imagebridge = {
      source = "imagebridge/imagebridge"
    }
  }
}

# Without settings the provider reads the same profiles as the `imagebridge` command.
provider "imagebridge" {}

variable "file" {
  description = "The disk image: qcow2, raw, vmdk, vhd, iso …"
  type        = string
  default     = "disk.raw"
}

resource "imagebridge_image" "first" {
  name        = "first-image"
  description = "Made by Terraform"
  source      = { file = var.file }
}

output "image_id" {
  value = imagebridge_image.first.id
}
