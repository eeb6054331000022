package dev.keyrack.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;

/** The five rules of the house that a compiler cannot see. */
@AnalyzeClasses(
        packages = {"dev.keyrack.verifier", "dev.keyrack.gate", "dev.keyrack.server"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
    @ArchTest
    static final ArchRule MODULES_DEPEND_ON_WHAT_THEIR_USERS_CAN_CARRY = CompositeArchRule.of(classes()
                    .that()
                    .resideInAPackage("dev.keyrack.verifier..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("dev.keyrack.verifier..", "java..", "org.jspecify..", "com.ibm.icu.text.."))
            .and(noClasses()
                    .that()
                    .resideInAPackage("dev.keyrack.gate..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "dev.keyrack.server.."));

    @ArchTest
    static final ArchRule SLICES_HAVE_NO_CYCLES =
            slices().matching("dev.keyrack.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule SQL_STAYS_IN_SQL_CLASSES_AND_THE_STORE = noClasses()
            .that(not(resideInAPackage("dev.keyrack.server.store..").or(named(".*Sql|DatabaseUrl"))))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.sqlite..", "org.flywaydb.."));

    @ArchTest
    static final ArchRule HTTP_STAYS_AT_THE_EDGES = noClasses()
            .that(resideInAPackage("dev.keyrack.server..")
                    .and(not(resideInAnyPackage(
                                    "dev.keyrack.server.http..",
                                    "dev.keyrack.server.portal..",
                                    "dev.keyrack.server.app.."))
                            .and(not(named(".*(Api|Page)")))
                            .and(not(named("Authentication|CallerResolver|Entrance|PortalSessions")))))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "org.springframework.http.."));

    @ArchTest
    static final ArchRule TIME_COMES_IN_THROUGH_CONSTRUCTORS = noClasses()
            .that(not(resideInAPackage("dev.keyrack.server.app..").or(named("RequestFilter"))))
            .should()
            .accessTargetWhere(describe("the machine's clock is read", HouseRulesTest::readsTheClock));

    private static boolean readsTheClock(JavaAccess<?> access) {
        String member = access.getName();
        JavaClass owner = access.getTargetOwner();
        return (owner.getPackageName().equals("java.time") && member.equals("now"))
                || (owner.isEquivalentTo(System.class) && member.equals("currentTimeMillis"))
                || (owner.isEquivalentTo(Date.class) && member.equals("<init>"))
                || (owner.isEquivalentTo(Clock.class) && member.startsWith("system"))
                || (owner.isEquivalentTo(InstantSource.class) && member.equals("system"));
    }

    /** A class in a file of this name, whose nested classes count as it does. */
    private static DescribedPredicate<JavaClass> named(String pattern) {
        return describe(
                "in a file named " + pattern,
                type -> outermost(type).getSimpleName().matches(pattern));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseRulesTest::outermost).orElse(type);
    }
}
