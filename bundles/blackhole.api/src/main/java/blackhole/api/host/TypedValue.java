package blackhole.api.host;

import java.util.ArrayList;
import java.util.List;

/** A setting with its type in front: {@code long:64}, {@code list:string:a,string:b}. */
final class TypedValue {
  private static final String LIST = "list";

  private TypedValue() {}

  static String format(Object value) {
    if (!(value instanceof List<?> list)) {
      return scalar(value);
    }
    StringBuilder out = new StringBuilder(LIST).append(':');
    for (Object element : list) {
      Escapes.escape(out, scalar(element), ',');
      // after each element, so that a list of one empty string is not an empty list
      out.append(',');
    }
    return out.toString();
  }

  static Object parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("has no type");
    }
    String rest = text.substring(colon + 1);
    if (!text.startsWith(LIST + ":")) {
      return scalar(text.substring(0, colon), rest);
    }
    List<Object> list = new ArrayList<>();
    while (!rest.isEmpty()) {
      int comma = Escapes.indexOf(rest, ',');
      if (comma < 0) {
        throw new IllegalArgumentException("ends in the middle of a list");
      }
      String element = Escapes.unescape(rest.substring(0, comma));
      int end = element.indexOf(':');
      if (end < 0) {
        throw new IllegalArgumentException("has an element without a type");
      }
      list.add(scalar(element.substring(0, end), element.substring(end + 1)));
      rest = rest.substring(comma + 1);
    }
    return List.copyOf(list);
  }

  private static String scalar(Object value) {
    if (value instanceof String) {
      return "string:" + value;
    }
    if (value instanceof Boolean) {
      return "boolean:" + value;
    }
    if (value instanceof Long) {
      return "long:" + value;
    }
    if (value instanceof Double) {
      return "double:" + value;
    }
    throw new IllegalArgumentException(
        "a setting cannot be a " + value.getClass().getName() + ": " + value);
  }

  private static Object scalar(String type, String text) {
    return switch (type) {
      case "string" -> text;
      case "boolean" -> bool(text);
      case "long" -> Long.valueOf(number(text));
      case "double" -> Double.valueOf(text);
      default -> throw new IllegalArgumentException("has an unknown type");
    };
  }

  private static Boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("is neither true nor false");
    }
    return Boolean.valueOf(text);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a whole number", e);
    }
  }
}
