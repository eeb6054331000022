package dev.keyrack.server.accounts;

import dev.keyrack.server.portal.Brand;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How the doors look, for whoever is not signed in: name, logo and colour of the organization that runs the installation. */
@RestController
public final class BrandPage {
    private final Store store;
    private final AccountSql sql = new AccountSql();

    public BrandPage(Store store) {
        this.store = store;
    }

    /** The product's own where the store cannot be read: the page that says so has to be shown. */
    public Brand brand() {
        try {
            return operator().map(o -> new Brand(o.name(), o.logoAddress())).orElse(Brand.PRODUCT);
        } catch (StoreFailure e) {
            return Brand.PRODUCT;
        }
    }

    private Optional<Organization> operator() {
        return store.read(tx -> sql.operatorOrganization(tx).flatMap(id -> sql.organization(tx, id)));
    }

    @GetMapping("/theme.css")
    ResponseEntity<String> theme() {
        String colour = operator().map(o -> o.settings().accentColor()).orElse(null);
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/css"))
                .body(colour == null ? "" : Accent.of(colour).style());
    }
}
