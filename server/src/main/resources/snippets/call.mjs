const response = await fetch("https://api.example.com/", {
  headers: { "x-api-key": process.env.API_KEY },
});
console.log(response.status, await response.text());
