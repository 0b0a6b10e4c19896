export default {
  base: './',
  build: { target: 'es2022' },
  optimizeDeps: { exclude: ['lilt'] },  // whose files lie beside its modules
};
