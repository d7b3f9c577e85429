# The five newest stay, and all that are younger than a month. What is current or previous in a channel stays in any case.
resource "imagebridge_image_retention" "debian" {
  name_prefix  = "debian-12-"
  keep         = 5
  min_age_days = 30
  action       = "delete"
}

output "will_go" {
  value = imagebridge_image_retention.debian.retiring
}
