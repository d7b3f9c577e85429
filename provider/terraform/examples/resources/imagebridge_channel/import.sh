terraform import imagebridge_channel.stable debian-12-stable
terraform import imagebridge_channel.stable local/local-1/debian-12-stable
