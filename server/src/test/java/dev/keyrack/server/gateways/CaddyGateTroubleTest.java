package dev.keyrack.server.gateways;

final class CaddyGateTroubleTest extends GateTroubleContract {
    CaddyGateTroubleTest() {
        super(Sample.CADDY);
    }
}
