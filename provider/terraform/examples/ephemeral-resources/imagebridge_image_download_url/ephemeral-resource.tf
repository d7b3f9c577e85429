variable "ucloudstack_image_id" {
  type = string
}

# Another cloud fetches the image by a link that nobody ever sees.
ephemeral "imagebridge_image_download_url" "base" {
  cloud    = "local-ucloudstack"
  image_id = var.ucloudstack_image_id
}

resource "imagebridge_image" "elsewhere" {
  cloud       = "local-openstack"
  name        = "debian-12"
  disk_format = "raw"

  source = {
    url_wo = ephemeral.imagebridge_image_download_url.base.url
    # Another number fetches it again.
    url_wo_version = 1
  }
}
