# A file of any size; the hash is remembered until the file changes.
output "sha256" {
  value = provider::imagebridge::file_sha256("debian-12.qcow2")
}
