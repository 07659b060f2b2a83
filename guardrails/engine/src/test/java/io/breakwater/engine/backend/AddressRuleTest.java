package io.breakwater.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "169.254.255.255",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
      })
  void linkLocalAndMetadata_areForbidden(String address) throws Exception {
    assertThat(AddressRule.STRICT.objection(bytes(address)))
        .startsWith("a link-local or metadata address (expected:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.7",
        "192.168.1.1",
        "169.253.255.255",
        "169.255.0.0",
        "100.100.100.201",
        "::1",
        "fd00:ec3::254",
        "fec0::1",
        "2001:db8::1",
        "64:ff9b::a00:1",
      })
  void others_areNot(String address) throws Exception {
    assertThat(AddressRule.STRICT.objection(bytes(address))).isNull();
  }

  @Test
  void exceptions_areAsWideAsTheySay() throws Exception {
    AddressRule rule = AddressRule.allowing(List.of("169.254.10.0/24", "fe80::1", "2002::/16"));

    assertThat(rule.objection(bytes("169.254.10.255"))).isNull();
    assertThat(rule.objection(bytes("::ffff:169.254.10.1"))).isNull();
    assertThat(rule.objection(bytes("64:ff9b::a9fe:a01"))).isNull();
    assertThat(rule.objection(bytes("2002:a9fe:a9fe::1"))).isNull();
    assertThat(rule.objection(bytes("169.254.11.0"))).isNotNull();
    assertThat(rule.objection(bytes("fe80::1"))).isNull();
    assertThat(rule.objection(bytes("fe80::2"))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01234.1.1.1",
        "1.2.3.4/33",
        "1.2.3.4/",
        "::/129",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "g::",
        "12345::",
        "fe80::1%eth0",
        "1.2.3.-4",
        "::1.2.3.4",
        "٣.1.1.1"
      })
  void otherTexts_areRefused(String text) {
    assertThatThrownBy(() -> AddressRule.allowing(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("an IP address or network, such as");
  }

  @Test
  void parsedNetworks_areThoseTheJdkReads() throws Exception {
    for (String text : List.of("1.2.3.4", "::", "::1", "1::", "fe80::a:b", "1:2:3:4:5:6:7:8")) {
      assertThat(IpNetwork.parse(text).contains(bytes(text))).as(text).isTrue();
      byte[] other = bytes(text);
      other[other.length - 1] ^= 1;
      assertThat(IpNetwork.parse(text).contains(other)).as(text).isFalse();
    }
  }

  private static byte[] bytes(String address) throws Exception {
    return InetAddress.getByName(address).getAddress();
  }
}
