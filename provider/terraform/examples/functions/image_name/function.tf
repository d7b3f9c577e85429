variable "build" {
  type    = string
  default = "2026.11.21"
}

# "debian-12-2026.11.21", cut to what the family takes.
output "name" {
  value = provider::imagebridge::image_name("huaweicloud", "debian", "12", var.build)
}
