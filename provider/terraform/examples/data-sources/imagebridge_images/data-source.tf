# The five newest images of this project.
data "imagebridge_images" "mine" {
  scope = "own"
  sort  = "created_at:desc"
  limit = 5
}

output "names" {
  value = data.imagebridge_images.mine.images[*].name
}
