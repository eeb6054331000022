<?php
/**
 * Plugin Name: Keyrack assistant
 * Description: The assistant on every page, those of a WooCommerce shop included. Save as
 *              wp-content/plugins/keyrack-assistant.php and activate it.
 */
add_action( 'wp_footer', function () {
	?>
	<script src="https://keys.example.com/assistant/v1.js" async></script>
	<keyrack-assistant api-key="YOUR-KEY"></keyrack-assistant>
	<?php
} );
