package blackhole.storage.cid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.storage.call.StorageException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidTest {
  private static final String EMPTY = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
  private static final String HELLO = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";

  @ParameterizedTest
  @CsvSource({"'', " + EMPTY, "hello, " + HELLO})
  void namesBytesAsOthersDo(String content, String cid) {
    byte[] digest = Cid.newDigest().digest(content.getBytes(UTF_8));
    assertThat(Cid.of(digest)).hasToString(cid).isEqualTo(Cid.parse(cid));
  }

  /** The specification's example zb2rhe5P4gXft… and the documentation's image, in base32. */
  @ParameterizedTest
  @CsvSource({
    "6e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c95,"
        + " bafkreidon73zkcrwdb5iafqtijxildoonbwnpv7dyd6ef3qdgads2jc4su",
    "c7d01489080858c500065836c658f847a6ca67c4864619212be4f8200e4bbace,"
        + " bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
  })
  void namesDigestsAsOthersDo(String digest, String cid) {
    assertThat(Cid.of(HexFormat.of().parseHex(digest))).hasToString(cid);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a CID is needed",
        "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n | is of version 0; only version 1",
        "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA | is written in base58btc",
        "BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU | upper-case base32",
        "hello | is not a CID in base32: it must begin with 'b'",
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi | the codec dag-pb (0x70)",
        "bafyreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi | the codec dag-cbor (0x71)",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv | bits beyond",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk | is cut off",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykua | is cut off",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykU | a character that is not",
        "b | is cut off",
        "../../../../etc/passwd | is not a CID in base32"
      })
  void saysWhatSomethingElseIs(String text, String why) {
    assertThatThrownBy(() -> Cid.parse(text))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.INVALID_CID))
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "02551220 | is not a CID of version 1", // of version 2
        "01551320 | the hash sha2-512 (0x13)",
        "0155a0e40220 | the hash blake2b-256 (0xb220)",
        "01550020 | the hash identity (0x0)",
        "01557720 | the hash 0x77",
        "0181800112 | the codec 0x4001",
        "0155121f | a digest that is not of 32 bytes",
        "01d5001220 | a number that is longer than need be", // 0x55 in two bytes
        "0155ffffffffffffffffff7f | is cut off"
      })
  void saysWhichPartIsUnknown(String prefix, String why) {
    byte[] bytes = HexFormat.of().parseHex(prefix + "00".repeat(32));
    assertThatThrownBy(() -> Cid.parse("b" + Base32.encode(bytes))).hasMessageContaining(why);
  }

  @Test
  void refusesADigestThatIsTooShortOrTooLong() {
    for (String digest : new String[] {"00".repeat(31), "00".repeat(33), ""}) {
      byte[] bytes = HexFormat.of().parseHex("01551220" + digest);
      assertThatThrownBy(() -> Cid.parse("b" + Base32.encode(bytes)))
          .hasMessageContaining("not of 32 bytes");
    }
  }

  @Test
  void repeatsNoEndlessText() {
    assertThatThrownBy(() -> Cid.parse("b".repeat(1_000_000)))
        .hasMessage("a CID of 1000000 letters is too long");
  }
}
