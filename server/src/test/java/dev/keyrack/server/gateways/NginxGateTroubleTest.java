package dev.keyrack.server.gateways;

final class NginxGateTroubleTest extends GateTroubleContract {
    NginxGateTroubleTest() {
        super(Sample.NGINX);
    }
}
