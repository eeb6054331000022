# Put the key into the environment first, from where you keep secrets. For a try: read -rs API_KEY
printf 'x-api-key: %s' "$API_KEY" | curl --silent --show-error --header @- https://api.example.com/
