package io.meshagent.core.hooks;

import io.meshagent.core.log.Log;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.pool.TypePool;

/**
 * Writes the hooks of {@link HookTable} into a class of gRPC. Called by the VM, through premain's
 * trigger, on the program's thread that loads the class; reads class files, loads none of the
 * program's classes. Thread-safe.
 *
 * <p>It uses Byte Buddy's class rewriting without its {@code AgentBuilder}, which costs more at
 * start than all the rest and warns about {@code Unsafe} on new JDKs. Only method bodies change, so
 * that the same code serves classes that are loaded already.
 */
public final class HookWriter implements ClassFileTransformer {

  private final DoorReach reach;

  /** The loaders with a class that got no hooks, for as long as they live. */
  private final Set<ClassLoader> refused =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  public HookWriter(DoorReach reach) {
    this.reach = reach;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
    try {
      if (!reach.canReach(loader)) {
        refused.add(loader);
        return null;
      }
      return write(loader, name.replace('/', '.'), bytes);
    } catch (RuntimeException | LinkageError e) {
      Log.warn(
          name.replace('/', '.')
              + " could not be hooked, so this copy of gRPC is not governed; the program runs on",
          e);
      refused.add(loader);
      return null;
    }
  }

  /** Whether a class of this loader was left as it is. */
  public boolean refused(ClassLoader loader) {
    return refused.contains(loader);
  }

  private byte[] write(ClassLoader loader, String name, byte[] bytes) {
    ClassFileLocator program =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(name, bytes), ClassFiles.locator(loader));
    ClassFileLocator ours = LayerClasses.of(HookWriter.class.getClassLoader());
    // The advice is found in our loader, what its annotations and the program's types mean in both.
    ClassFileLocator both = new ClassFileLocator.Compound(program, ours);
    TypePool pool = TypePool.Default.of(both);
    TypeDescription type = pool.describe(name).resolve();
    DynamicType.Builder<?> builder =
        new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(Implementation.Context.Disabled.Factory.INSTANCE)
            .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
            .redefine(type, program);
    for (HookTable.Hook hook : HookTable.ALL) {
      if (hook.type.equals(name)) {
        builder = place(hook, type, pool, ours, builder);
      }
    }
    return builder.make(pool).getBytes();
  }

  private static DynamicType.Builder<?> place(
      HookTable.Hook hook,
      TypeDescription type,
      TypePool pool,
      ClassFileLocator ours,
      DynamicType.Builder<?> builder) {
    for (HookTable.Placement placement : hook.placements()) {
      if (!type.getDeclaredMethods().filter(placement.method).isEmpty()) {
        TypeDescription advice = pool.describe(placement.advice.getName()).resolve();
        return builder.visit(Advice.to(advice, ours).on(placement.method));
      }
    }
    if (hook.loss() == null) {
      return builder;
    }
    Log.warn(
        "this version of gRPC has no method in "
            + hook.type
            + " that the agent knows to hook, so "
            + hook.loss()
            + "; the program runs on");
    return builder;
  }
}
