package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: the catalogue in the feed is read as it was written, or stops the node that does not understand it. */
class CatalogueJsonTest {
    @Test
    void catalogueIsReadAsItWasWritten() {
        for (FeedChange.Catalogue catalogue : List.of(
                new FeedChange.Catalogue(1, List.of()),
                new FeedChange.Catalogue(
                        9,
                        List.of(
                                new FeedChange.Permitted("chat.start", Map.of(KeyType.WEB, 0L, KeyType.SERVER, 9L)),
                                new FeedChange.Permitted("orders.read", Map.of(KeyType.ANALYTICS, 3L)))))) {
            assertThat(FeedJson.read(FeedJson.kind(catalogue), FeedJson.write(catalogue)))
                    .isEqualTo(catalogue);
        }
    }

    @Test
    void columnIsReadAsItWasWritten() {
        Map<KeyType, Long> since = Map.of(KeyType.WEB, 0L, KeyType.MOBILE, 12L);
        assertThat(CatalogueJson.readSince(CatalogueJson.writeSince(since))).isEqualTo(since);
        assertThat(CatalogueJson.readSince(CatalogueJson.writeSince(Map.of()))).isEmpty();
        assertThatThrownBy(() -> CatalogueJson.readSince("{\"toaster\":1}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'version':1}",
                "{'permissions':[]}",
                "{'version':0,'permissions':[]}",
                "{'version':1,'permissions':[],'more':1}",
                "{'version':1,'permissions':null}",
                "{'version':1,'permissions':{}}",
                "{'version':1,'permissions':['chat.start']}",
                "{'version':1,'permissions':[{}]}",
                "{'version':1,'permissions':[{'permission':'chat.start'}]}",
                "{'version':1,'permissions':[{'permission':'chat.start','since':{'web':0},'unless':1}]}",
                "{'version':1,'permissions':[{'permission':'chat.start','since':[]}]}",
                "{'version':1,'permissions':[{'permission':'chat.start','since':{'toaster':0}}]}",
                "{'version':1,'permissions':[{'permission':'chat.start','since':{'web':'x'}}]}",
                "{'version':1,'permissions':["
            })
    void whatIsNotFullyUnderstoodIsUnknown(String payload) {
        assertThat(FeedJson.read("catalogue", payload.replace('\'', '"')))
                .isEqualTo(new FeedChange.Unknown("catalogue"));
    }

    @Test
    void keyTellsAsOfWhichCatalogueItsPermissionsAre() {
        FeedChange.Key key = new TestingKeys().limited.state();
        FeedChange.Key later = new FeedChange.Key(
                key.id(),
                key.organizationId(),
                key.projectId(),
                key.type(),
                key.state(),
                key.version(),
                key.tokens(),
                key.expiresAt(),
                key.permissions(),
                7,
                key.restrictions());
        String written = FeedJson.write(later);
        assertThat(FeedJson.read("key", written)).isEqualTo(later);
        assertThat(FeedJson.read("key", written.replace(",\"permissionsAsOf\":7", "")))
                .as("written by a version that knew no catalogue")
                .isEqualTo(new FeedChange.Unknown("key"));
    }
}
