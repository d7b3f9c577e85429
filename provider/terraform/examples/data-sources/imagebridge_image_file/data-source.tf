# What a file is, and what two clouds will say to it, before a byte is sent.
data "imagebridge_image_file" "disk" {
  path     = "debian-12.qcow2"
  clouds   = ["local", "local-openstack"]
  intended = { name = "debian-12-base" }
}

output "problems" {
  value = {
    for cloud, verdict in data.imagebridge_image_file.disk.verdicts :
    cloud => verdict.findings[*].message if !verdict.accepted
  }
}
