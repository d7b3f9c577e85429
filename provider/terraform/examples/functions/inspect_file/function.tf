output "needs_disk_gib" {
  value = ceil(provider::imagebridge::inspect_file("debian-12.qcow2").virtual_size_bytes / pow(1024, 3))
}
