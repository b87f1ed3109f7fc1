package dev.streambook.js;

/** What went wrong in a function, said for the one who wrote it. Its message is all that is shown. */
public class JsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JsException(String message) {
        super(message);
    }
}
