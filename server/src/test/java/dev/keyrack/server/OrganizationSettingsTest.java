package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Promise: an organization chooses its logo and how long its conversations are kept; of the file of a logo nothing but the
 * picture is kept, and one that is too large is never unpacked.
 */
@Tag("engines")
@TestInstance(Lifecycle.PER_CLASS)
class OrganizationSettingsTest {
    private static final byte[] SCRIPT = "<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);
    private static final String PAGE = "/settings/organization";

    private TestingServer server;
    private String own;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        own = "/api/v1/organizations/" + server.organization;
    }

    @AfterEach
    void asBefore() {
        server.owner.delete(own + "/logo");
        server.owner.patch(own, "{'settings':null}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer put(String type, byte[] file) {
        return server.owner.send("PUT", own + "/logo", type, file);
    }

    private byte[] kept(Answer made) {
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return TestingReader.visitor("http://127.0.0.1:" + server.running.port())
                .open(made.at("/organization/logo"))
                .body();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void logoIsShownToEverybodyUntilItIsRemoved() {
        String address = put("image/png", TestingPicture.png(300, 100)).at("/organization/logo");
        TestingReader anybody = TestingReader.visitor("http://127.0.0.1:" + server.running.port());
        Answer logo = anybody.open(address);
        assertThat(logo.status()).isEqualTo(200);
        assertThat(logo.header("Content-Type")).isEqualTo("image/png");
        assertThat(logo.header("X-Content-Type-Options")).isEqualTo("nosniff");
        BufferedImage shown = TestingPicture.read(logo.body());
        assertThat(List.of(shown.getWidth(), shown.getHeight())).containsExactly(300, 100);
        assertThat(shown.getRGB(10, 50)).isEqualTo(0xFF00A000);
        assertThat(shown.getRGB(290, 50)).isEqualTo(0xFFC00000);
        TestingServer.Made key = server.make("web");
        server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        String hosted = "/a/" + server.project;
        assertThat(anybody.open(hosted).text()).contains("src=\"" + address + "\"");
        TestingReader reader = TestingReader.owner(server);
        assertThat(reader.open("/projects").text()).contains("src=\"" + address + "\"");

        String other = put("image/jpeg", TestingPicture.jpeg(40, 40)).at("/organization/logo");
        assertThat(other).isNotEqualTo(address);
        assertThat(anybody.open(address).status()).isEqualTo(404);
        Answer removed = server.owner.delete(own + "/logo");
        assertThat(removed.json().at("/organization/logo").isNull()).isTrue();
        assertThat(anybody.open(other).status()).isEqualTo(404);
        assertThat(reader.open("/projects").text()).doesNotContain("/logo/");
        assertThat(anybody.open(hosted).text()).doesNotContain("/logo/");
        server.owner.delete(key.path());
    }

    @Test
    void titleOfAPageSaysWhoseItIs() {
        assertThat(TestingReader.owner(server).open("/projects").text()).contains("<title>Projects · Acme</title>");
        TestingReader customer = TestingReader.of(server, Role.OWNER, server.otherOrganization);
        assertThat(customer.open("/projects").text()).contains("<title>Projects · Other</title>");
        TestingReader anybody = TestingReader.visitor("http://127.0.0.1:" + server.running.port());
        assertThat(anybody.open("/sign-in").text()).contains(" · Acme</title>");
    }

    @Test
    void nothingButThePictureIsKeptOfAFile() {
        byte[] png = kept(put("image/png", joined(TestingPicture.png(20, 20), SCRIPT)));
        assertThat(new String(png, StandardCharsets.ISO_8859_1)).doesNotContain("script");
        byte[] jpeg = TestingPicture.jpeg(20, 20);
        // A comment right behind the beginning of the file.
        byte[] comment = joined(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, (byte) (SCRIPT.length + 2)}, SCRIPT);
        byte[] commented = joined(Arrays.copyOf(jpeg, 2), comment, Arrays.copyOfRange(jpeg, 2, jpeg.length));
        assertThat(new String(kept(put("image/jpeg", commented)), StandardCharsets.ISO_8859_1))
                .startsWith("\u0089PNG")
                .doesNotContain("script");
    }

    @Test
    void largePictureIsMadeSmallerAndOneThatIsTooLargeIsRefused() {
        BufferedImage kept = TestingPicture.read(kept(put("image/png", TestingPicture.png(512, 512))));
        assertThat(List.of(kept.getWidth(), kept.getHeight())).containsExactly(144, 144);
        for (byte[] file : List.of(TestingPicture.png(513, 10), TestingPicture.jpeg(10, 513))) {
            Answer refused = put("image/png", file);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("/logo");
            assertThat(refused.text()).contains("512 by 512 pixels");
        }
        assertThat(put("image/png", new byte[64 * 1024 + 1]).status()).isEqualTo(413);
    }

    @Test
    void whatIsNoPictureIsRefusedAndNothingIsChanged() {
        String before = put("image/png", TestingPicture.png(9, 9)).at("/organization/logo");
        byte[] svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8);
        byte[] png = TestingPicture.png(30, 30);
        for (byte[] wrong : List.of(
                svg,
                new byte[0],
                "GIF89a".getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOf(png, 40),
                joined(Arrays.copyOf(png, 8), SCRIPT),
                Arrays.copyOf(TestingPicture.jpeg(30, 30), 30))) {
            Answer refused = put("image/png", wrong);
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("/logo");
        }
        assertThat(put("image/svg+xml", svg).status()).isEqualTo(415);
        assertThat(server.owner.get(own).at("/organization/logo")).isEqualTo(before);
    }

    @Test
    void logoIsUploadedAndRemovedOnItsPage() {
        TestingReader reader = TestingReader.owner(server);
        reader.open(PAGE);
        Answer saved = reader.upload(PAGE + "/logo", "logo", TestingPicture.png(60, 30));
        assertThat(saved.status()).as(saved.text()).isEqualTo(303);
        assertThat(reader.open(saved.header("Location")).text())
                .contains("The logo is saved", server.owner.get(own).at("/organization/logo"));
        Answer refused = reader.upload(PAGE + "/logo", "logo", SCRIPT);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("is no PNG and no JPEG");
        Answer large = reader.upload(PAGE + "/logo", "logo", new byte[70_000]);
        assertThat(large.status()).isEqualTo(400);
        assertThat(large.text()).contains("at most 64 KiB");
        Answer huge = reader.upload(PAGE + "/logo", "logo", new byte[1_500_000]);
        assertThat(huge.status()).as("a file that is larger than any form").isEqualTo(413);
        assertThat(huge.text()).contains("<html", "a smaller file");
        assertThat(server.owner.get(own).json().at("/organization/logo").isNull())
                .isFalse();
        reader.open(PAGE);
        assertThat(reader.send(PAGE + "/logo/remove").status()).isEqualTo(303);
        assertThat(server.owner.get(own).json().at("/organization/logo").isNull())
                .isTrue();
    }

    @Test
    void changesOfLogoAndRetentionStandInTheAuditTrailOnceEach() {
        int before = changes();
        byte[] png = TestingPicture.png(12, 12);
        put("image/png", png);
        put("image/png", png);
        server.owner.patch(own, "{'settings':{'conversationDays':7}}");
        server.owner.patch(own, "{'settings':{'conversationDays':7}}");
        assertThat(changes() - before).isEqualTo(2);
        Answer audit = server.owner.get("/api/v1/audit?limit=2");
        assertThat(audit.at("/items/0/after/conversationDays")).isEqualTo("7");
        assertThat(audit.at("/items/1/after/logo")).hasSize(32);
    }

    private int changes() {
        return server.owner
                .get("/api/v1/audit?limit=200&action=organization.updated")
                .items("/id")
                .size();
    }

    @Test
    void conversationDaysAreChosenWithinTheirBoundsAndTakenBack() {
        String days = "/organization/settings/conversationDays";
        assertThat(server.owner.get(own).at(days)).isEqualTo("90");
        server.owner.patch(own, "{'settings':{'accentColor':'#123456'}}");
        Answer chosen = server.owner.patch(own, "{'settings':{'conversationDays':365}}");
        assertThat(chosen.at(days)).isEqualTo("365");
        assertThat(chosen.at("/organization/settings/accentColor")).isEqualTo("#123456");
        for (String wrong : List.of("0", "366", "1.5", "'7'", "-1")) {
            assertThat(server.owner
                            .patch(own, "{'settings':{'conversationDays':" + wrong + "}}")
                            .pointers())
                    .as(wrong)
                    .containsExactly("/settings/conversationDays");
        }
        assertThat(server.owner
                        .patch(own, "{'settings':{'conversationDays':null}}")
                        .at(days))
                .isEqualTo("90");
        assertThat(save("400").text()).contains("must be a whole number from 1 to 365");
        assertThat(save("30").status()).isEqualTo(303);
        assertThat(server.owner.get(own).at(days)).isEqualTo("30");
    }

    private Answer save(String days) {
        TestingReader reader = TestingReader.owner(server);
        reader.open(PAGE);
        String version = server.owner.get(own).header("ETag").replace("\"", "");
        return reader.send(
                PAGE,
                "name",
                "Acme",
                "settings.accentColor",
                "",
                "settings.conversationDays",
                days,
                "version",
                version);
    }
}
