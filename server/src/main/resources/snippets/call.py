import os
import urllib.error
import urllib.request

request = urllib.request.Request(
    "https://api.example.com/", headers={"x-api-key": os.environ["API_KEY"]}
)
try:
    with urllib.request.urlopen(request) as response:
        print(response.status, response.read().decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
