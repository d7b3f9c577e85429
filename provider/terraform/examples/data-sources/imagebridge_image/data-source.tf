# The newest of the images that match.
data "imagebridge_image" "newest" {
  name_prefix = "debian-12-"
  with_tags   = { team = "platform" }
  scope       = "own"
  most_recent = true
}

output "image_id" {
  value = data.imagebridge_image.newest.id
}
