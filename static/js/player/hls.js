// HLS streams: natively where the browser can, else through the vendored hls.js, loaded only here.
import { mount as mountFile } from "./html5.js";

export async function mount(options) {
  const { media, data } = options;
  if (!media.canPlayType("application/vnd.apple.mpegurl")) {
    const { default: Hls } = await import(data.hls);
    media.removeAttribute("src");
    await new Promise((resolve, reject) => {
      const stream = new Hls({ startPosition: options.from || -1 });
      stream.once(Hls.Events.MANIFEST_PARSED, resolve);
      stream.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && reject(new Error(details)));
      stream.loadSource(data.src);
      stream.attachMedia(media);
    });
    return mountFile({ ...options, from: 0 });
  }
  return mountFile(options);
}
