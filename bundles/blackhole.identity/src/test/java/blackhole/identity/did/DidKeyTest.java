package blackhole.identity.did;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import com.google.gson.JsonParser;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DidKeyTest {
  private static final String EXAMPLE = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

  /**
   * The did:key method's test vectors: the last byte of the seed, the DID's key, and its X25519.
   */
  @ParameterizedTest
  @CsvSource({
    "00, z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp,"
        + " z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW",
    "01, z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG,"
        + " z6LSrHyXiPBhUbvPUtyUCdf32sniiMGPTAesgHrtEa4FePtr",
    "02, z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf,"
        + " z6LSkkqoZRC34AEpbkhZCqLDcHQVAxuLpQ7kC8XCXMVUfvjE",
    "03, z6MkvqoYXQfDDJRv8L4wKzxYeuKyVZBfi9Qo6Ro8MiLH3kDQ,"
        + " z6LSiUo6AEDat8Ze4nQzDo67SGuHLLwsUGkxndHGUjsywHow",
    "04, z6MkwW6aqMnjgrhJXFUko3NnZPGzVpkNzhYK7yEhnsibmLwL,"
        + " z6LSrGb3qm4xMCEBjvwkLb2WEcXfTM94Tu1RyGCbT5wbg8i9"
  })
  void agreesWithThePublishedVectors(String seed, String multibase, String x25519) {
    byte[] secret = HexFormat.of().parseHex("00".repeat(31) + seed);
    byte[] publicKey = new Ed25519PrivateKeyParameters(secret).generatePublicKey().getEncoded();

    DidKey did = DidKey.ofEd25519(publicKey);
    DidDocument document = DidDocument.of(did);

    assertThat(did.id()).isEqualTo("did:key:" + multibase);
    assertThat(DidKey.parse(did.id()).publicKey()).isEqualTo(publicKey);
    assertThat(document.verificationMethods())
        .extracting(DidDocument.VerificationMethod::publicKeyMultibase)
        .containsExactly(multibase, x25519);
  }

  @Test
  void expandsTheSpecificationsExample() {
    String did = "did:key:" + EXAMPLE;
    String signing = did + "#" + EXAMPLE;
    String agreement = "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p";
    String expected =
        """
        {
          "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/suites/ed25519-2020/v1",
            "https://w3id.org/security/suites/x25519-2020/v1"
          ],
          "id": "DID",
          "verificationMethod": [{
            "id": "SIGNING",
            "type": "Ed25519VerificationKey2020",
            "controller": "DID",
            "publicKeyMultibase": "KEY"
          }],
          "authentication": ["SIGNING"],
          "assertionMethod": ["SIGNING"],
          "capabilityDelegation": ["SIGNING"],
          "capabilityInvocation": ["SIGNING"],
          "keyAgreement": [{
            "id": "DID#AGREEMENT",
            "type": "X25519KeyAgreementKey2020",
            "controller": "DID",
            "publicKeyMultibase": "AGREEMENT"
          }]
        }
        """
            .replace("DID", did)
            .replace("SIGNING", signing)
            .replace("KEY", EXAMPLE)
            .replace("AGREEMENT", agreement);

    DidDocument document = DidDocument.of(DidKey.parse(did));

    assertThat(JsonParser.parseString(document.json())).isEqualTo(JsonParser.parseString(expected));
    assertThat(document.id()).isEqualTo(did);
    assertThat(document.verificationMethods().get(0).id()).isEqualTo(signing);
    assertThat(document.verificationMethods())
        .allSatisfy(method -> assertThat(method.controller()).isEqualTo(did));
  }

  @Test
  void takesTheExplicitVersionForTheSameKey() {
    assertThat(DidKey.parse("did:key:1:" + EXAMPLE).id()).isEqualTo("did:key:" + EXAMPLE);
  }

  /** Examples of the specification: secp256k1, P-256 and P-384. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
        "did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54"
      })
  void knowsOtherKeysButDoesNotExpandThem(String text) {
    DidKey did = DidKey.parse(text);
    assertThat(did.id()).isEqualTo(text);
    assertThat(did.isEd25519()).isFalse();
    assertThatThrownBy(() -> DidDocument.of(did)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "did:key:",
        "did:key:z",
        "did:key:z6",
        "did:web:example.org",
        "DID:key:" + EXAMPLE,
        "did:key:f" + EXAMPLE,
        "did:key:" + EXAMPLE + "#" + EXAMPLE,
        "did:key:" + EXAMPLE + "/path",
        "did:key:" + EXAMPLE + "?service=files",
        "did:key:0:" + EXAMPLE,
        "did:key:2:" + EXAMPLE,
        "did:key:x:" + EXAMPLE,
        "did:key:1:1:" + EXAMPLE,
        " did:key:" + EXAMPLE,
        "did:key:" + EXAMPLE + "\n",
        // a base58 character less, one more, and one that is none
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do",
        "did:key:" + EXAMPLE + "K",
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2d0K"
      })
  void refusesWhatIsNoDidKey(String text) {
    assertInvalid(text);
  }

  @Test
  void refusesAKeyThatIsNotOnTheCurve() {
    byte[] noPoint = new byte[32];
    noPoint[0] = 2; // y = 2 has no x
    assertInvalid("did:key:" + KeyType.ED25519.multibase(noPoint));
  }

  @Test
  void refusesAKeyOfSmallOrder() {
    byte[] neutral = new byte[32];
    neutral[0] = 1;
    assertInvalid("did:key:" + KeyType.ED25519.multibase(neutral));
  }

  @Test
  void refusesAnUnknownKeyTypeAndAnEndlessText() {
    byte[] key = new byte[34];
    key[0] = (byte) 0xfe;
    key[1] = 0x01;
    assertInvalid("did:key:z" + Base58.encode(key));
    assertInvalid("did:key:z" + "6".repeat(1_000_000));
  }

  private static void assertInvalid(String text) {
    assertThatThrownBy(() -> DidKey.parse(text))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.INVALID_DID);
              assertThat(e).hasMessageStartingWith("not a valid did:key: ");
            });
  }
}
