# The rules themselves are the id; percent-encode what URLs do.
terraform import imagebridge_image_retention.debian 'name_prefix=debian-12-&keep=5&min_age_days=30'
terraform import imagebridge_image_retention.debian 'local/local-1/name_prefix=debian-12-&keep=5&min_age_days=30'
