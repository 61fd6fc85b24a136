package blackhole.indexer.document;

/**
 * A string, number or boolean of a JSON document.
 *
 * @param path the names that lead to it, with dots between them; the elements of an array have the
 *     array's path
 */
public record JsonValue(String path, String text) {}
