variable "job_id" {
  description = "As a log line, or the `imagebridge` command, gives it"
  type        = string
}

data "imagebridge_job" "import" {
  id = var.job_id
}

output "how_it_went" {
  value = coalesce(data.imagebridge_job.import.failure_reason, data.imagebridge_job.import.status)
}
