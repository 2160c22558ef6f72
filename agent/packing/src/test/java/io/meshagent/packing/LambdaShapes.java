package io.meshagent.packing;

import io.meshagent.packing.elsewhere.LambdaParent;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Functions of every kind that javac makes, for {@link LambdasTest}. Not thread-safe. */
class LambdaShapes extends LambdaParent {

  private final String name;
  private final List<Object> functions = new ArrayList<>();
  private int count;

  LambdaShapes(String name) {
    this.name = name;
  }

  /** An interface with a lambda of its own, and a generic one with a default method. */
  interface Defaults<A> {
    A make(long wide, A given, int narrow);

    default Supplier<A> later(A given) {
      return () -> make(1L << 40, given, 2);
    }
  }

  private interface Wide<A extends Comparable<A>> {
    long of(A one, double two, byte three);
  }

  private interface Named {
    String name();
  }

  private record Pair(String one, int two) {}

  private <F> F kept(F function) {
    functions.add(function);
    return function;
  }

  List<Object> functions() {
    List<String> unused = results();
    return functions;
  }

  Supplier<String> nothing() {
    return () -> "nothing";
  }

  Callable<Void> thrower() {
    return () -> {
      throw new IOException("as wished");
    };
  }

  private String own(String more) {
    return name + more + count++;
  }

  private static String ofClass(String more) {
    return "static " + more;
  }

  private static int small() {
    return 7;
  }

  /** What each of them gives. */
  List<String> results() {
    functions.clear();
    count = 0;
    List<Object> all = new ArrayList<>();
    long wide = 1L << 40;
    double half = 0.5;
    byte tiny = 3;
    boolean yes = true;
    char letter = 'x';
    int[] numbers = {1, 2};
    all.add(kept(nothing()).get());
    all.add(this.<Supplier<String>>kept(() -> name + wide + half + tiny + yes + letter).get());
    all.add(this.<Function<String, String>>kept(this::own).apply("b"));
    all.add(this.<Function<String, String>>kept(LambdaShapes::ofClass).apply("b"));
    all.add(this.<Function<String, Integer>>kept(String::length).apply("four"));
    all.add(this.<Function<String, StringBuilder>>kept(StringBuilder::new).apply("new").toString());
    all.add(this.<BiFunction<String, Integer, Pair>>kept(Pair::new).apply("p", 5).two());
    all.add(this.<Function<Pair, String>>kept(Pair::one).apply(new Pair("one", 2)));
    all.add(this.<IntFunction<int[]>>kept(int[]::new).apply(3).length);
    all.add(this.<Supplier<int[]>>kept(numbers::clone).get()[1]);
    all.add(this.<Supplier<String>>kept(super::inherited).get());
    all.add(this.<Supplier<String>>kept(this::inherited).get());
    all.add(this.<LongSupplier>kept(LambdaShapes::small).getAsLong());
    all.add(this.<DoubleSupplier>kept(() -> small()).getAsDouble());
    all.add(this.<ToLongFunction<Integer>>kept(Integer::intValue).applyAsLong(9));
    all.add(this.<ToLongFunction<Integer>>kept(each -> each).applyAsLong(8));
    all.add(this.<ToLongFunction<Pair>>kept(Pair::two).applyAsLong(new Pair("", 6)));
    all.add(this.<IntToLongFunction>kept(each -> each * wide).applyAsLong(2));
    all.add(this.<Function<Integer, Object>>kept(Long::valueOf).apply(4));
    all.add(this.<BooleanSupplier>kept(() -> yes).getAsBoolean());
    all.add(this.<Predicate<Object>>kept("a"::equals).test("a"));
    all.add(
        this.<UnaryOperator<List<String>>>kept(each -> each.subList(1, 2)).apply(List.of("", "z")));
    all.add(this.<Comparator<String>>kept(String::compareTo).reversed().compare("a", "b"));
    Defaults<String> generic = kept((first, given, last) -> first + given + last);
    all.add(generic.later("given").get());
    Wide<Integer> odd = kept((one, two, three) -> one + (long) two + three + wide);
    all.add(odd.of(1, 2.5, tiny));
    Runnable counts = kept(() -> count += 10);
    counts.run();
    Consumer<Integer> more = kept(each -> count += each);
    more.andThen(each -> count *= each).accept(3);
    all.add(count);
    all.add(this.<Consumer<List<Integer>>>kept(List::clear).getClass().getInterfaces().length);
    Named two = (Named & Serializable) () -> "two of them";
    all.add(kept(two).name());
    all.add(
        new Object() {
          final Supplier<String> inner = () -> LambdaShapes.this.own("inner");
        }.inner.get());
    return all.stream()
        .map(each -> each instanceof int[] many ? Arrays.toString(many) : String.valueOf(each))
        .toList();
  }
}
