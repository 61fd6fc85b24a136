package blackhole.ledger.merkle;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  /** The leaves that Certificate Transparency's implementations are tested with. */
  private static final List<String> INPUTS =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  /** The roots of their first one, two, … eight. */
  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private static final int LARGEST = 64;

  /** A tree in memory, grown leaf by leaf. */
  private static final class Grown {
    final Map<List<Long>, Hash> nodes = new HashMap<>();
    final Frontier frontier = Frontier.of(this::node, 0);

    Hash node(int level, long index) {
      Hash hash = nodes.get(List.of((long) level, index));
      assertThat(hash).as("node %s of level %s", index, level).isNotNull();
      return hash;
    }

    void add(Hash leaf) {
      for (Frontier.Completed completed : frontier.add(leaf)) {
        List<Long> place = List.of((long) completed.level(), completed.index());
        assertThat(nodes.put(place, completed.hash())).isNull();
      }
    }
  }

  private static Grown vectors() {
    Grown grown = new Grown();
    INPUTS.forEach(input -> grown.add(Hash.leaf(HexFormat.of().parseHex(input))));
    return grown;
  }

  private static Hash hash(String hex) {
    return Hash.of(HexFormat.of().parseHex(hex));
  }

  private static List<Hash> hashes(String... hex) {
    return List.of(hex).stream().map(MerkleTreeTest::hash).toList();
  }

  @Test
  void hashesAsPublished() {
    assertThat(Hash.EMPTY_TREE)
        .isEqualTo(hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assertThat(Hash.leaf("L123456".getBytes(US_ASCII)))
        .isEqualTo(hash("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"));
    assertThat(Hash.leaf(new byte[0])).isNotEqualTo(Hash.EMPTY_TREE);
    assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[31]));
  }

  @Test
  void hasThePublishedRoots() {
    Grown grown = new Grown();
    assertThat(grown.frontier.root()).isEqualTo(Hash.EMPTY_TREE);
    assertThat(MerkleTree.root(grown::node, 0)).isEqualTo(Hash.EMPTY_TREE);
    for (int size = 1; size <= INPUTS.size(); size++) {
      grown.add(Hash.leaf(HexFormat.of().parseHex(INPUTS.get(size - 1))));
      assertThat(grown.frontier.root()).isEqualTo(hash(ROOTS.get(size - 1)));
      assertThat(MerkleTree.root(grown::node, size)).isEqualTo(hash(ROOTS.get(size - 1)));
    }
  }

  @Test
  void provesInclusionAsPublished() {
    assertInclusion(0, 1);
    assertInclusion(
        0,
        8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertInclusion(
        5,
        8,
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assertInclusion(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assertInclusion(
        1,
        5,
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
  }

  private static void assertInclusion(int index, int size, String... path) {
    Grown grown = vectors();
    assertThat(MerkleTree.inclusion(grown::node, index, size)).isEqualTo(hashes(path));
    assertThat(
            Proofs.inclusion(
                index, size, grown.node(0, index), hashes(path), hash(ROOTS.get(size - 1))))
        .isTrue();
  }

  @Test
  void provesConsistencyAsPublished() {
    assertConsistency(1, 1);
    assertConsistency(
        1,
        8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertConsistency(
        6,
        8,
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assertConsistency(
        2,
        5,
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    assertConsistency(
        6,
        7,
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  }

  private static void assertConsistency(int first, int second, String... path) {
    assertThat(MerkleTree.consistency(vectors()::node, first, second)).isEqualTo(hashes(path));
    assertThat(
            Proofs.consistency(
                first,
                second,
                hash(ROOTS.get(first - 1)),
                hash(ROOTS.get(second - 1)),
                hashes(path)))
        .isTrue();
  }

  private static List<Hash> leaves() {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < LARGEST; i++) {
      leaves.add(Hash.leaf(ByteBuffer.allocate(4).putInt(i).array()));
    }
    return leaves;
  }

  /** The definition of RFC 9162, 2.1.1, as it stands there. */
  private static Hash naive(List<Hash> leaves) {
    if (leaves.size() <= 1) {
      return leaves.isEmpty() ? Hash.EMPTY_TREE : leaves.get(0);
    }
    int split = 1;
    while (split * 2 < leaves.size()) {
      split *= 2;
    }
    return Hash.node(naive(leaves.subList(0, split)), naive(leaves.subList(split, leaves.size())));
  }

  @Test
  void isTheDefinedTreeAtEverySize() {
    List<Hash> leaves = leaves();
    Grown grown = new Grown();
    List<Hash> roots = new ArrayList<>(List.of(Hash.EMPTY_TREE));
    for (int size = 1; size <= LARGEST; size++) {
      grown.add(leaves.get(size - 1));
      roots.add(naive(leaves.subList(0, size)));
      assertThat(grown.frontier.root()).isEqualTo(roots.get(size));
      assertThat(Frontier.of(grown::node, size).root()).isEqualTo(roots.get(size));
    }
    for (int size = 1; size <= LARGEST; size++) {
      assertThat(MerkleTree.root(grown::node, size)).isEqualTo(roots.get(size));
      for (int index = 0; index < size; index++) {
        List<Hash> path = MerkleTree.inclusion(grown::node, index, size);
        assertThat(Proofs.inclusion(index, size, leaves.get(index), path, roots.get(size)))
            .isTrue();
      }
      for (int first = 1; first <= size; first++) {
        List<Hash> path = MerkleTree.consistency(grown::node, first, size);
        assertThat(Proofs.consistency(first, size, roots.get(first), roots.get(size), path))
            .isTrue();
      }
    }
  }

  @Test
  void aFrontierGrowsOnFromWhatIsStored() {
    List<Hash> leaves = leaves();
    Grown grown = new Grown();
    for (int size = 0; size < LARGEST; size++) {
      Frontier copy = Frontier.of(grown::node, size).copy();
      copy.add(leaves.get(size));
      grown.add(leaves.get(size));
      assertThat(copy.root()).isEqualTo(grown.frontier.root());
      assertThat(copy.size()).isEqualTo(size + 1);
    }
  }

  @Test
  void proofsOfAnythingElseAreRefused() {
    Grown grown = vectors();
    Hash other = Hash.leaf(new byte[] {77});
    for (int size = 1; size <= 8; size++) {
      Hash root = hash(ROOTS.get(size - 1));
      for (int index = 0; index < size; index++) {
        Hash leaf = grown.node(0, index);
        List<Hash> path = MerkleTree.inclusion(grown::node, index, size);
        for (List<Hash> wrong : mutations(path, other)) {
          assertThat(Proofs.inclusion(index, size, leaf, wrong, root)).isFalse();
        }
        assertThat(Proofs.inclusion(index, size, other, path, root)).isFalse();
        assertThat(Proofs.inclusion(index, size, leaf, path, other)).isFalse();
        assertThat(Proofs.inclusion(index - 1, size, leaf, path, root)).isFalse();
        assertThat(Proofs.inclusion(index + 1, size, leaf, path, root)).isFalse();
        assertThat(Proofs.inclusion(index, 0, leaf, path, root)).isFalse();
        assertThat(Proofs.inclusion(index, size * 2L, leaf, path, root)).isFalse();
      }
      for (int first = 1; first < size; first++) {
        Hash firstRoot = hash(ROOTS.get(first - 1));
        List<Hash> path = MerkleTree.consistency(grown::node, first, size);
        for (List<Hash> wrong : mutations(path, other)) {
          assertThat(Proofs.consistency(first, size, firstRoot, root, wrong)).isFalse();
        }
        assertThat(Proofs.consistency(first, size, root, firstRoot, path)).isFalse();
        assertThat(Proofs.consistency(first, size, other, root, path)).isFalse();
        assertThat(Proofs.consistency(first, size, firstRoot, other, path)).isFalse();
        assertThat(Proofs.consistency(0, size, firstRoot, root, path)).isFalse();
        assertThat(Proofs.consistency(size, first, firstRoot, root, path)).isFalse();
      }
    }
  }

  private static List<List<Hash>> mutations(List<Hash> path, Hash other) {
    List<List<Hash>> wrong = new ArrayList<>();
    for (int i = 0; i <= path.size(); i++) {
      List<Hash> longer = new ArrayList<>(path);
      longer.add(i, other);
      wrong.add(longer);
      if (i < path.size()) {
        List<Hash> shorter = new ArrayList<>(path);
        shorter.remove(i);
        wrong.add(shorter);
        List<Hash> changed = new ArrayList<>(path);
        changed.set(i, other);
        wrong.add(changed);
      }
    }
    return wrong;
  }

  @Test
  void thereAreNoProofsForWhatIsNotThere() {
    Grown grown = vectors();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MerkleTree.inclusion(grown::node, 8, 8))
        .withMessage("no leaf 8 in a tree of 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MerkleTree.consistency(grown::node, 0, 8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MerkleTree.consistency(grown::node, 5, 4))
        .withMessage("no tree of 5 within one of 4");
  }
}
