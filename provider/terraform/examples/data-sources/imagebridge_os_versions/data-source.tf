# What may be given as os_version.
data "imagebridge_os_versions" "ubuntu" {
  platform = "Ubuntu"
  bits     = 64
}

output "os_versions" {
  value = data.imagebridge_os_versions.ubuntu.os_versions[*].os_version
}
