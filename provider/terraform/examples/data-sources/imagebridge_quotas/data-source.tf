data "imagebridge_quotas" "here" {}

check "room_for_images" {
  assert {
    condition = alltrue([
      for quota in data.imagebridge_quotas.here.quotas : quota.limit < 0 || quota.used < quota.limit
    ])
    error_message = "There is no room for another image."
  }
}
