package dev.keyrack.server.accounts;

import dev.keyrack.server.http.ContentTag;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.verifier.Sentence;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Makes a logo of a file that somebody uploaded.
 *
 * <p>Guarantee: the result is a PNG that was drawn anew from the file's pixels, and nothing else of the file is in it: no
 * metadata, no text, no second format. A file whose picture would be larger than the bounds is refused before it is unpacked.
 */
final class LogoImage {
    static final int MOST_BYTES = 64 * 1024;
    static final int MOST_PIXELS = 512;

    /** The largest that is kept: three times what is shown, for fine screens. */
    private static final int WIDTH = 480;

    private static final int HEIGHT = 144;

    private LogoImage() {}

    /** @throws ProblemException if the file is none of what is taken */
    static byte[] png(byte[] file) {
        if (file.length == 0) {
            throw refused(Sentence.of("problem.logo-none"));
        }
        if (file.length > MOST_BYTES) {
            throw refused(Sentence.of("problem.logo-bytes"));
        }
        BufferedImage image = shrunk(decoded(file));
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("every Java platform writes PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    /** Another one for another picture. */
    static String name(byte[] png) {
        return ContentTag.of(png, 32);
    }

    private static BufferedImage decoded(byte[] file) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format(file)).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            if (reader.getWidth(0) > MOST_PIXELS || reader.getHeight(0) > MOST_PIXELS) {
                throw refused(Sentence.of("problem.logo-pixels", MOST_PIXELS));
            }
            return reader.read(0);
        } catch (ProblemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Decoders throw all kinds of things at files that are not what they say.
            throw refused(Sentence.of("problem.logo-unreadable"));
        } finally {
            reader.dispose();
        }
    }

    private static String format(byte[] file) {
        if (begins(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return "png";
        }
        if (begins(file, 0xFF, 0xD8, 0xFF)) {
            return "jpeg";
        }
        throw refused(Sentence.of("problem.logo-format"));
    }

    private static boolean begins(byte[] file, int... with) {
        return file.length >= with.length
                && Arrays.equals(
                        with,
                        IntStream.range(0, with.length).map(i -> file[i] & 0xFF).toArray());
    }

    /** The same picture, made smaller where it is larger than what is kept. */
    private static BufferedImage shrunk(BufferedImage image) {
        double share = Math.min(1, Math.min((double) WIDTH / image.getWidth(), (double) HEIGHT / image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * share));
        int height = Math.max(1, (int) Math.round(image.getHeight() * share));
        BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                out.setRGB(x, y, mean(image, x, y, width, height));
            }
        }
        return out;
    }

    /** The mean colour of those pixels that become this one; what is transparent has no part in its colour. */
    private static int mean(BufferedImage image, int x, int y, int width, int height) {
        int left = x * image.getWidth() / width;
        int right = Math.max(left + 1, (x + 1) * image.getWidth() / width);
        int top = y * image.getHeight() / height;
        int bottom = Math.max(top + 1, (y + 1) * image.getHeight() / height);
        long alpha = 0;
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int v = top; v < bottom; v++) {
            for (int u = left; u < right; u++) {
                int argb = image.getRGB(u, v);
                int a = argb >>> 24;
                alpha += a;
                red += (long) a * ((argb >> 16) & 0xFF);
                green += (long) a * ((argb >> 8) & 0xFF);
                blue += (long) a * (argb & 0xFF);
            }
        }
        if (alpha == 0) {
            return 0;
        }
        long pixels = (long) (right - left) * (bottom - top);
        return (int) (((alpha / pixels) << 24) | ((red / alpha) << 16) | ((green / alpha) << 8) | (blue / alpha));
    }

    private static ProblemException refused(Sentence why) {
        return new ProblemException(Problem.InvalidRequest.at("/logo", why));
    }
}
