package dev.keyrack.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration of an nginx that answers from a static map: the fastest that anyone runs in place of Keyrack, and
 * the least that they get. Changing a key means a reload, and tokens stand in a file.
 *
 * <p>It is made easy for nginx: the map holds few keys, only the key's id comes out of it, and the other headers are
 * fixed texts.
 */
final class NginxMap {
    private static final int PREFIX = "kr_srv_".length();
    private static final int ID = 11;

    private NginxMap() {}

    static void write(Path folder, int port, List<String> tokens, List<Answer.Field> fields) throws IOException {
        String map = tokens.stream()
                .map(token -> "        \"%s\" \"%s\";".formatted(token, token.substring(PREFIX, PREFIX + ID)))
                .collect(Collectors.joining("\n"));
        String headers = fields.stream()
                .filter(field -> !field.name().equalsIgnoreCase("date"))
                .map(field -> "            add_header %s %s;"
                        .formatted(
                                field.name(),
                                field.name().equalsIgnoreCase("Keyrack-Key-Id")
                                        ? "$keyrack_id"
                                        : quoted(field.value())))
                .collect(Collectors.joining("\n"));
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                error_log stderr crit;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    server_tokens off;
                    keepalive_timeout 1h;
                    keepalive_requests 1000000000;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    map_hash_bucket_size 128;
                    map_hash_max_size 8192;
                    map $http_x_api_key $keyrack_id {
                        default "";
                %s
                    }
                    server {
                        listen 127.0.0.1:%d;
                        location = %s {
                            if ($keyrack_id = "") { return 401; }
                %s
                            return 204;
                        }
                    }
                }
                """.formatted(map, port, Endpoint.AUTHORIZE.path(), headers));
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
