variable "image_id" {
  type = string
}

# Who has not answered yet.
data "imagebridge_members" "waiting" {
  image_id = var.image_id
  status   = "pending"
}

output "waiting" {
  value = data.imagebridge_members.waiting.project_ids
}
