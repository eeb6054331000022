printf '{"token":"%s"}' "$API_KEY" |
  curl --silent --show-error --header 'Content-Type: application/json' --data @- http://127.0.0.1:8081/v1/verify
