package blackhole.orchestrator.event;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

/** An event's data as JSON, for people and scripts. */
final class DataJson {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private DataJson() {}

  /** Of a Struct all of it; else which type it is, and how large: its fields are not known here. */
  static String of(Any data) {
    try {
      if (data.is(Struct.class)) {
        return GSON.toJson(object(data.unpack(Struct.class)));
      }
    } catch (InvalidProtocolBufferException e) {
      // it is not what it says
    }
    JsonObject other = new JsonObject();
    other.addProperty("@type", data.getTypeUrl());
    other.addProperty("bytes", data.getValue().size());
    return GSON.toJson(other);
  }

  private static JsonObject object(Struct struct) {
    JsonObject object = new JsonObject();
    struct.getFieldsMap().forEach((key, value) -> object.add(key, element(value)));
    return object;
  }

  private static JsonElement element(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> new JsonPrimitive(value.getStringValue());
      case BOOL_VALUE -> new JsonPrimitive(value.getBoolValue());
      case NUMBER_VALUE -> number(value.getNumberValue());
      case STRUCT_VALUE -> object(value.getStructValue());
      case LIST_VALUE -> {
        JsonArray array = new JsonArray();
        value.getListValue().getValuesList().forEach(each -> array.add(element(each)));
        yield array;
      }
      case NULL_VALUE, KIND_NOT_SET -> JsonNull.INSTANCE;
    };
  }

  /** A Struct has no integers; people take 2.0 for something else than 2. Nor has JSON a NaN. */
  private static JsonElement number(double number) {
    if (!Double.isFinite(number)) {
      return new JsonPrimitive(String.valueOf(number));
    }
    long whole = (long) number;
    return whole == number ? new JsonPrimitive(whole) : new JsonPrimitive(number);
  }
}
