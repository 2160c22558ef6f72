package io.meshagent.core.hooks;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What one hook writes into a method: it takes its number and up to four values to the Door, of
 * which the first is the method's object, or its class where it is static, and may put what it gets
 * in the place of arguments or of the result. {@link HookedMethod} makes bytecode of it. Immutable.
 */
final class HookCode {

  /** Where in the method. */
  enum Place {
    /** What fails in it is swallowed. */
    BEFORE,

    /** Where the method returns, not where it throws; what fails in it is swallowed. */
    AFTER,

    /** Where it returns or throws; what fails in it is swallowed. Methods without result only. */
    AT_THE_END,

    /**
     * What the Door gives is the result, and the method itself does not run. Does not swallow:
     * below it run the program's own interceptors, and what they throw is the program's to see.
     * What fails of ours is caught by the adapter.
     */
    IN_PLACE_OF
  }

  /** What is shown to the Door beside the object itself; immutable. */
  static final class Value {
    static final Value RETURNED = new Value(-1, null);

    /** From 0; -1 for none. */
    final int argument;

    /** Null for none. */
    final String field;

    private Value(int argument, String field) {
      this.argument = argument;
      this.field = field;
    }

    static Value argument(int index) {
      return new Value(index, null);
    }

    /** A field of the class that the method is in. */
    static Value field(String name) {
      return new Value(-1, name);
    }
  }

  final Place place;

  /** The hook's number, see {@link io.meshagent.bootstrap.Door}. */
  final int number;

  /** Whether it is the Door's other opening that is asked. */
  final boolean ofStreams;

  /** At most three. */
  final List<Value> values;

  /** The arguments that are replaced by what the Door gives; by its elements, if they are two. */
  final int[] replaced;

  final boolean replacesResult;

  private HookCode(
      Place place,
      int number,
      boolean ofStreams,
      List<Value> values,
      int[] replaced,
      boolean replacesResult) {
    this.place = place;
    this.number = number;
    this.ofStreams = ofStreams;
    this.values = values;
    this.replaced = replaced;
    this.replacesResult = replacesResult;
  }

  static HookCode before(int number) {
    return at(Place.BEFORE, number);
  }

  static HookCode after(int number) {
    return at(Place.AFTER, number);
  }

  static HookCode atTheEnd(int number) {
    return at(Place.AT_THE_END, number);
  }

  static HookCode inPlaceOf(int number) {
    return at(Place.IN_PLACE_OF, number);
  }

  private static HookCode at(Place place, int number) {
    return new HookCode(place, number, false, Collections.emptyList(), new int[0], false);
  }

  HookCode ofStreams() {
    return new HookCode(place, number, true, values, replaced, replacesResult);
  }

  HookCode seeing(Value... seen) {
    return new HookCode(place, number, ofStreams, Arrays.asList(seen), replaced, replacesResult);
  }

  HookCode replacing(int... arguments) {
    return new HookCode(place, number, ofStreams, values, arguments, replacesResult);
  }

  HookCode replacingTheResult() {
    return new HookCode(place, number, ofStreams, values, replaced, true);
  }
}
