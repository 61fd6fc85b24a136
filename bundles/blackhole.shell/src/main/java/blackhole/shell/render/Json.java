package blackhole.shell.render;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as scripts want it: one line, every key there, null if unknown. Values are strings, numbers,
 * booleans, null, maps and collections of these.
 */
public final class Json {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Json() {}

  public static String of(Collection<? extends Map<String, ?>> rows) {
    return GSON.toJson(element(rows));
  }

  /** One object. */
  public static String line(Map<String, ?> row) {
    return GSON.toJson(element(row));
  }

  /** By hand, because Gson's own way needs reflection on types that it can't open. */
  private static @Nullable JsonElement element(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      JsonObject object = new JsonObject();
      map.forEach((key, each) -> object.add(String.valueOf(key), element(each)));
      return object;
    }
    if (value instanceof Collection<?> all) {
      JsonArray array = new JsonArray();
      all.forEach(each -> array.add(element(each)));
      return array;
    }
    return GSON.toJsonTree(value);
  }

  /**
   * The objects of an array.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static List<JsonObject> objects(String json) {
    try {
      List<JsonObject> objects = new ArrayList<>();
      for (JsonElement element : JsonParser.parseString(json).getAsJsonArray()) {
        objects.add(element.getAsJsonObject());
      }
      return objects;
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException("not an array of JSON objects", e);
    }
  }
}
