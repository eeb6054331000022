package dev.keyrack.server.gateways;

final class NginxTest extends GatewayContract {
    NginxTest() {
        super(Sample.NGINX);
    }
}
