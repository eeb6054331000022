import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

// The manifest needs the permission android.permission.INTERNET. Call this off the main thread.
class Api {
    static String get() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL("https://api.example.com/").openConnection();
        connection.setRequestProperty("x-api-key", "YOUR-KEY");
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        int status = connection.getResponseCode();
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        if (body == null) {
            return Integer.toString(status);
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            return status + " " + lines.lines().collect(Collectors.joining("\n"));
        }
    }
}
