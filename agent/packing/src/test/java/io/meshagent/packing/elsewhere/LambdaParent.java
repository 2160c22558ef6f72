package io.meshagent.packing.elsewhere;

/** Has what only its children may call, wherever they are. */
public class LambdaParent {

  protected String inherited() {
    return "of the parent";
  }
}
