package dev.cleanroom.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private static final AddressRules RULES = new AddressRules(
            List.of(
                    "127.0.0.1:3000",
                    "10.0.0.0/8:443",
                    "git.intern:8443",
                    "[fd00::/8]:443",
                    "192.168.7.7:*",
                    "169.254.0.0/16:*"),
            () -> Set.of(new InetSocketAddress(8080), new InetSocketAddress("10.1.1.1", 443)));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "93.184.216.34",
                "1.1.1.1",
                "172.15.255.255",
                "172.32.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "192.0.1.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2002:5db8:d822::1",
                "64:ff9b::5db8:d822",
                "::ffff:1.1.1.1"
            })
    void letsPublicAddressesPass(String address) {
        assertThat(judge(address, address, 443)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:10.0.0.1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:db8::1",
                "fc00::1",
                "fd12::1",
                "fec0::1",
                "ff02::1",
                "100::1",
                "4000::1",
                "2130706433",
                "127.1"
            })
    void refusesPrivateAddressesAndNamesTheSetting(String address) {
        assertThat(judge("example.org", address, 80)).get().asString().endsWith(AddressRules.SETTING + ".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254"})
    void refusesLinkLocalAddressesEvenWhenListed(String address) {
        assertThat(judge(address, address, 443))
                .get()
                .asString()
                .endsWith("never reached.")
                .doesNotContain(AddressRules.SETTING);
    }

    @Test
    void opensWhatIsListedAtThatPortOnly() {
        assertThat(judge("127.0.0.1", "127.0.0.1", 3000)).isEmpty();
        assertThat(judge("127.0.0.1", "127.0.0.1", 3001)).isPresent();
        assertThat(judge("localhost", "127.0.0.2", 3000)).isPresent();
        assertThat(judge("a.intern", "10.20.30.40", 443)).isEmpty();
        assertThat(judge("a.intern", "10.20.30.40", 80)).isPresent();
        assertThat(judge("GIT.intern", "172.16.5.5", 8443)).isEmpty();
        assertThat(judge("other.intern", "172.16.5.5", 8443)).isPresent();
        assertThat(judge("six.intern", "fd00::5", 443)).isEmpty();
        assertThat(judge("192.168.7.7", "192.168.7.7", 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"})
    void refusesThisServersOwnPortAtEveryAddressOfThisMachine(String address) {
        var everythingOpen =
                new AddressRules(List.of("0.0.0.0/0:*", "[::/0]:*"), () -> Set.of(new InetSocketAddress(8080)));

        assertThat(everythingOpen.judge("localhost", address(address), 8080))
                .get()
                .asString()
                .contains("belongs to this server");
        assertThat(everythingOpen.judge("localhost", address(address), 8081)).isEmpty();
    }

    @Test
    void refusesADatabaseElsewhereEvenWhenItsRangeIsListed() {
        assertThat(judge("db", "10.1.1.1", 443)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33:1", "10.0.0.0/8", "127.0.0.1:http", ":80"})
    void namesAnEntryThatItCannotRead(String entry) {
        assertThatThrownBy(() -> new AddressRules(List.of(entry), Set::of))
                .hasMessageContaining(AddressRules.SETTING)
                .hasMessageContaining(entry);
    }

    private static Optional<String> judge(String host, String address, int port) {
        return RULES.judge(host, address(address), port);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException notALiteral) {
            throw new AssertionError(notALiteral);
        }
    }
}
